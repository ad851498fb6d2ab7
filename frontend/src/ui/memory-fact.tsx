import { useEffect, useState } from "react";
import { type AgentMemory, memoryWords } from "@/store/agent-memory";
import { useOrchestra } from "./orchestra-context";

/** What an agent's programs take, asked for when it is shown. */
export function MemoryFact({ agentId }: { readonly agentId: string }) {
  const { api } = useOrchestra();
  const [memory, setMemory] = useState<AgentMemory | null | undefined>(undefined);
  useEffect(() => {
    let ended = false;
    api.memory(agentId).then(
      (found) => ended || setMemory(found),
      () => ended || setMemory(null),
    );
    return () => {
      ended = true;
    };
  }, [api, agentId]);
  const words = memory === undefined ? "Asking." : memory === null ? "Not known" : memoryWords(memory);
  return (
    <>
      <dt className="text-n-10">Memory</dt>
      <dd className="text-n-11" data-testid="memory">
        {words}
      </dd>
    </>
  );
}
