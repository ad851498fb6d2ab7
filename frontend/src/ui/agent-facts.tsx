import type { Agent } from "@/core";
import { exactTime } from "@/store/age";
import { personName } from "@/store/person-name";
import { exitWords, STATES } from "@/store/state-words";
import { Age } from "./age";
import { MemoryFact } from "./memory-fact";
import { StateExplanation } from "./state-explanation";
import { StateMark, StateWord } from "./state-mark";

function Fact({ name, children, mono = false }: { name: string; children: string; mono?: boolean }) {
  return (
    <>
      <dt className="text-n-10">{name}</dt>
      <dd className={mono ? "break-all font-mono text-2xs text-n-11 leading-4.5" : "text-n-11"}>
        {children}
      </dd>
    </>
  );
}

/** Why an agent is in the state that it is in, and what it is: the explanation behind every mark. */
export function AgentFacts({ agent }: { readonly agent: Agent }) {
  const ended = exitWords(agent.exit_status);
  return (
    <div className="w-76 max-w-full px-2 py-1.5 text-xs">
      <p className="flex items-center gap-2 text-sm">
        <StateMark state={agent.state} />
        <StateWord state={agent.state} className="font-medium" />
        <Age sinceUnixS={agent.state_since_unix_s} className="ml-auto text-n-10 text-xs" />
      </p>
      <p className="mt-1 text-n-11">{STATES[agent.state].meaning}</p>
      <StateExplanation agentId={agent.id} />
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        <Fact name="Since">{exactTime(agent.state_since_unix_s)}</Fact>
        {ended !== null && <Fact name="Ended">{ended}</Fact>}
        <Fact name="Started">{exactTime(agent.created_unix_s)}</Fact>
        <Fact name="Profile">{agent.profile}</Fact>
        <Fact name="Owner">{personName(agent.owner)}</Fact>
        <Fact name="Size">{`${agent.rows} rows, ${agent.columns} columns`}</Fact>
        {ended === null && <MemoryFact agentId={agent.id} />}
        <Fact name="Command" mono>
          {agent.command.join(" ")}
        </Fact>
        <Fact name="Folder" mono>
          {agent.cwd}
        </Fact>
        <Fact name="Session" mono>
          {agent.session_id}
        </Fact>
      </dl>
    </div>
  );
}
