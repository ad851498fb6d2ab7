import { useCallback, useState } from "react";
import { useOrchestra } from "../orchestra-context";

/** For an overlay's `onCloseAutoFocus`: back to the opened terminal, or else to where the focus was before. */
export function useReturnFocus(): (event: Event) => void {
  const orchestra = useOrchestra();
  const [before] = useState(() => document.activeElement);
  return useCallback(
    (event) => {
      event.preventDefault();
      if (orchestra.shell.getState().overlay !== null) return;
      if (orchestra.terminal !== null) orchestra.terminal.focus();
      else if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [orchestra, before],
  );
}
