import { LogOut, SunMoon } from "lucide-react";
import { personName } from "@/store/person-name";
import type { Density, Theme } from "@/store/preferences";
import { Button } from "../components/button";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from "../components/menu";
import { useConnection, usePerform, usePreferences } from "../orchestra-context";

/** Theme, density, and leaving. */
export function LookMenu() {
  const perform = usePerform();
  const theme = usePreferences((state) => state.theme);
  const density = usePreferences((state) => state.density);
  const subject = useConnection((state) => state.hello?.subject ?? null);
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button tone="quiet" size="icon" aria-label="Theme and density">
          <SunMoon size={15} aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="start" side="top">
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup
          value={theme}
          onValueChange={(value) => perform({ kind: "set_theme", theme: value as Theme })}
        >
          <MenuRadioItem value="system">As the system</MenuRadioItem>
          <MenuRadioItem value="dark">Dark</MenuRadioItem>
          <MenuRadioItem value="light">Light</MenuRadioItem>
          <MenuRadioItem value="contrast">High contrast</MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuLabel>Density</MenuLabel>
        <MenuRadioGroup
          value={density}
          onValueChange={(value) => perform({ kind: "set_density", density: value as Density })}
        >
          <MenuRadioItem value="comfortable">Comfortable</MenuRadioItem>
          <MenuRadioItem value="compact">Compact</MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        {subject !== null && <MenuLabel>{`Signed in as ${personName(subject)}`}</MenuLabel>}
        <MenuItem onSelect={() => perform({ kind: "sign_out" })}>
          <LogOut size={14} aria-hidden /> Sign out in this tab
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
