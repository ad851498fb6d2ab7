import { RadioGroup } from "radix-ui";
import type { Profile } from "@/api/client";
import { classNames } from "../components/class-names";

const USUAL_PROFILE = "shell";

/** What is chosen before anybody chose: the shell, or else the first that can be used. */
export function firstChoice(profiles: readonly Profile[]): string {
  const available = profiles.filter((profile) => profile.available);
  return (available.find(({ name }) => name === USUAL_PROFILE) ?? available[0])?.name ?? "";
}

function usableFirst(profiles: readonly Profile[]): readonly Profile[] {
  return profiles.toSorted((a, b) => Number(b.available) - Number(a.available));
}

function Tag({ children }: { readonly children: string }) {
  return <span className="ml-2 rounded-sm border border-n-7 px-1 text-2xs text-n-10">{children}</span>;
}

interface ProfileChoiceProps {
  readonly label?: string;
  readonly profiles: readonly Profile[];
  /** Says which of them tasks can be given to. */
  readonly tagsTasks?: boolean;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** Profiles as rows, those that can be used first; one that cannot stays visible and says why. */
export function ProfileChoice({
  label = "Profile",
  tagsTasks = false,
  profiles,
  value,
  onChange,
}: ProfileChoiceProps) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={onChange}
      className="flex max-h-64 flex-col overflow-y-auto rounded-md border border-n-7 bg-n-1 max-sm:max-h-52"
    >
      {usableFirst(profiles).map((profile) => (
        <RadioGroup.Item
          key={profile.name}
          value={profile.name}
          disabled={!profile.available}
          data-testid={`profile-${profile.name}`}
          className={classNames(
            "flex items-baseline gap-3 border-n-6 border-b px-3 py-2 text-left last:border-b-0 focus-visible:outline-offset-[-2px] data-[state=checked]:bg-accent-wash",
            profile.available && "hover:bg-n-4 data-[state=checked]:hover:bg-accent-wash",
          )}
        >
          <span className="flex size-3.5 shrink-0 translate-y-0.5 items-center justify-center rounded-full border border-n-8">
            <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
          </span>
          <span className="min-w-0">
            <span className={profile.available ? "text-n-12" : "text-n-10"}>{profile.title}</span>
            {profile.origin === "own" && <Tag>yours</Tag>}
            {tagsTasks && profile.does_tasks && <Tag>takes tasks</Tag>}
            <span className="block text-n-10 text-xs">
              {profile.available ? profile.description : (profile.reason ?? "Not available on this machine.")}
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
