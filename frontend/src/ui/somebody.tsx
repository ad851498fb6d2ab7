import { personName } from "@/store/person-name";
import { useAgents } from "./orchestra-context";

/** Whoever a key names: a person by name, an agent by the name that it has in the page. */
export function Somebody({ id }: { readonly id: string }) {
  const name = personName(id);
  const agent = useAgents((state) => state.agents.find((each) => each.id === name));
  return <span title={agent === undefined ? undefined : agent.id}>{agent?.name ?? name}</span>;
}
