import { Command as Cmdk } from "cmdk";
import { Search } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { useState } from "react";
import { type Command, commandList } from "@/store/command-list";
import { searchCommands } from "@/store/command-search";
import { Kbd } from "../components/kbd";
import { useAgents, useConnection, usePerform, usePreferences, useShell } from "../orchestra-context";
import { StateMark } from "../state-mark";
import { useReturnFocus } from "./use-return-focus";

const NO_PERMISSIONS: readonly string[] = [];

function useCommands(): readonly Command[] {
  const roster = useAgents((state) => state);
  const place = useShell((state) => state.place);
  const permissions = useConnection((state) => state.hello?.permissions ?? NO_PERMISSIONS);
  const theme = usePreferences((state) => state.theme);
  const density = usePreferences((state) => state.density);
  const screenReader = usePreferences((state) => state.screenReader);
  return commandList({ roster, place, permissions, theme, density, screenReader });
}

/** What was searched for stands in one list, the best first; otherwise commands stand in their groups. */
function inGroups(
  commands: readonly Command[],
  searched: boolean,
): readonly (readonly [string, readonly Command[]])[] {
  if (searched) return commands.length === 0 ? [] : [["Found", commands]];
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}

function Row({ command, onChoose }: { readonly command: Command; readonly onChoose: () => void }) {
  return (
    <Cmdk.Item
      value={command.id}
      onSelect={onChoose}
      className="flex h-8.5 select-none items-center gap-2.5 rounded-md px-2.5 text-n-11 data-[selected=true]:bg-n-5 data-[selected=true]:text-n-12 max-sm:h-11"
    >
      {command.agent !== undefined && <StateMark state={command.agent.state} />}
      <span className="shrink-0">{command.title}</span>
      {command.detail !== undefined && (
        <span className="min-w-0 flex-1 truncate text-n-10 text-xs">{command.detail}</span>
      )}
      {command.keys !== undefined && <Kbd keys={command.keys} className="ml-auto max-sm:hidden" />}
    </Cmdk.Item>
  );
}

/** Search and do anything. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const perform = usePerform();
  const [typed, setTyped] = useState("");
  const commands = searchCommands(useCommands(), typed);
  const returnFocus = useReturnFocus();
  const choose = (command: Command) => {
    onClose();
    perform(command.action);
  };
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <Primitive.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          data-testid="palette"
          className="fixed inset-x-0 top-[14vh] z-50 mx-auto w-[min(600px,calc(100vw-24px))] animate-float-in overflow-hidden rounded-md border border-n-7 bg-float shadow-float outline-none max-sm:top-3"
        >
          <Primitive.Title className="sr-only">Search and do anything</Primitive.Title>
          <Cmdk label="Search and do anything" loop shouldFilter={false}>
            <div className="flex items-center gap-2.5 border-b px-3.5">
              <Search size={15} aria-hidden className="text-n-10" />
              <Cmdk.Input
                value={typed}
                onValueChange={setTyped}
                placeholder="Open an agent, start one, change the theme"
                className="h-11 min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-n-10"
              />
              <Kbd keys="Esc" className="max-sm:hidden" />
            </div>
            <Cmdk.List className="max-h-[min(420px,56vh)] overflow-y-auto overscroll-contain p-1.5">
              <Cmdk.Empty className="px-2.5 py-6 text-center text-n-10">Nothing has that name.</Cmdk.Empty>
              {inGroups(commands, typed.trim() !== "").map(([group, entries]) => (
                <Cmdk.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-n-10"
                >
                  {entries.map((command) => (
                    <Row key={command.id} command={command} onChoose={() => choose(command)} />
                  ))}
                </Cmdk.Group>
              ))}
            </Cmdk.List>
          </Cmdk>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
