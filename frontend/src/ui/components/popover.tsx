import { Popover as Primitive } from "radix-ui";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { classNames } from "./class-names";

interface PopoverProps {
  readonly label: string;
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
}

/** A small panel beside its button: things to read, and what can be done about them. */
export function Popover({ label, trigger, children }: PopoverProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-popover-content-available-height) animate-fade-in overflow-y-auto rounded-md border border-n-7 bg-float p-1 shadow-float outline-none"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A button in a popover; it closes it. */
export function PopoverButton({
  danger = false,
  className,
  ...rest
}: ComponentProps<"button"> & { danger?: boolean }) {
  return (
    <Primitive.Close
      className={classNames(
        "flex h-7.5 w-full select-none items-center gap-2 rounded-sm px-2 text-left text-sm hover:bg-n-5 focus-visible:outline-offset-[-2px] max-sm:h-10",
        danger && "text-danger-text",
        className,
      )}
      {...rest}
    />
  );
}
