import { useOrchestra, useShell } from "../orchestra-context";
import { KeySheet } from "./key-sheet";
import { NewAgentDialog } from "./new-agent-dialog";
import { NewTaskDialog } from "./new-task-dialog";
import { Palette } from "./palette";
import { StopDialog } from "./stop-dialog";

/** The one overlay that may be open. */
export function Overlays() {
  const { shell } = useOrchestra();
  const overlay = useShell((state) => state.overlay);
  const close = () => shell.getState().show(null);
  switch (overlay?.kind) {
    case "palette":
      return <Palette onClose={close} />;
    case "keys":
      return <KeySheet onClose={close} />;
    case "new_agent":
      return (
        <NewAgentDialog
          {...(overlay.profile === undefined ? {} : { profile: overlay.profile })}
          onClose={close}
        />
      );
    case "new_task":
      return <NewTaskDialog onClose={close} />;
    case "stop":
      return <StopDialog key={overlay.agentId} agentId={overlay.agentId} onClose={close} />;
    default:
      return null;
  }
}
