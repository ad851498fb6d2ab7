import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { Agent } from "@/core";
import { STATES } from "@/store/state-words";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { useAgents, useOrchestra } from "../orchestra-context";
import { useReturnFocus } from "./use-return-focus";

interface StopDialogProps {
  readonly agentId: string;
  readonly onClose: () => void;
}

function words(agent: Agent): { title: string; loss: string; verb: string } {
  return STATES[agent.state].alive
    ? {
        title: `Stop ${agent.name}`,
        loss: "Its screen and history stay, the program ends.",
        verb: "Stop agent",
      }
    : { title: `Remove ${agent.name}`, loss: "Its screen and history are deleted.", verb: "Remove agent" };
}

/** Names what is lost before it is. */
export function StopDialog({ agentId, onClose }: StopDialogProps) {
  const orchestra = useOrchestra();
  // What is confirmed is what was asked about: an agent that ends meanwhile does not turn a stop into a removal.
  const [agent] = useState(() => orchestra.agents.getState().agents.find(({ id }) => id === agentId));
  const alive = useAgents((state) =>
    state.agents.some(({ id, state: now }) => id === agentId && STATES[now].alive),
  );
  const returnFocus = useReturnFocus();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (agent === undefined) return null;
  const { title, loss, verb } = words(agent);
  const endedMeanwhile = STATES[agent.state].alive && !alive;

  const confirm = async () => {
    setBusy(true);
    const { put, remove, markStopped } = orchestra.agents.getState();
    if (STATES[agent.state].alive) markStopped(agentId);
    try {
      const left = await orchestra.api.stopOrRemove(agentId);
      if (left === null) remove(agentId);
      else put(left);
      onClose();
    } catch (thrown) {
      setBusy(false);
      setError(asProblem(thrown).message);
    }
  };

  return (
    <Dialog
      role="alertdialog"
      title={title}
      description={loss}
      onClose={onClose}
      testId="stop-dialog"
      onCloseAutoFocus={returnFocus}
      className="w-[min(420px,calc(100vw-24px))]"
    >
      <div className="px-5 pb-4">
        {endedMeanwhile && (
          <p className="text-n-11">It has ended by itself; there is nothing left to stop.</p>
        )}
        {error !== null && (
          <p role="alert" className="text-danger-text">
            {error}
          </p>
        )}
        <div className="mt-3 flex justify-end gap-2">
          <Button data-autofocus onClick={onClose}>
            Keep it
          </Button>
          <Button tone="danger" disabled={busy || endedMeanwhile} onClick={() => void confirm()}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
