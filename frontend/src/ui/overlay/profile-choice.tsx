import { RadioGroup } from "radix-ui";
import type { Profile } from "@/api/client";
import { classNames } from "../components/class-names";

const USUAL_PROFILE = "shell";

/** What is chosen before anybody chose: the shell, or else the first that can be used. */
export function firstChoice(profiles: readonly Profile[]): string {
  const available = profiles.filter((profile) => profile.available);
  return (available.find(({ name }) => name === USUAL_PROFILE) ?? available[0])?.name ?? "";
}

interface ProfileChoiceProps {
  readonly label?: string;
  readonly profiles: readonly Profile[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** Profiles as rows; one that cannot be used stays visible and says why. */
export function ProfileChoice({ label = "Profile", profiles, value, onChange }: ProfileChoiceProps) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={onChange}
      className="flex max-h-64 flex-col overflow-y-auto rounded-md border border-n-7 bg-n-1 max-sm:max-h-52"
    >
      {profiles.map((profile) => (
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
            <span className="block text-n-10 text-xs">
              {profile.available ? profile.description : (profile.reason ?? "Not available on this machine.")}
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
