import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";

/** Not modal: the page behind stays readable, a click outside still closes it. */
export function Menu({ children }: { readonly children: ReactNode }) {
  return <Primitive.Root modal={false}>{children}</Primitive.Root>;
}

export const MenuTrigger = Primitive.Trigger;
export const MenuRadioGroup = Primitive.RadioGroup;

const ROW =
  "flex h-7.5 select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-[disabled]:opacity-45 data-[highlighted]:bg-n-5";

export function MenuContent({ className, ...rest }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={4}
        collisionPadding={8}
        className={classNames(
          "z-50 min-w-48 animate-fade-in rounded-md border border-n-7 bg-float p-1 shadow-float",
          className,
        )}
        {...rest}
      />
    </Primitive.Portal>
  );
}

export function MenuItem({
  danger = false,
  className,
  ...rest
}: ComponentProps<typeof Primitive.Item> & { danger?: boolean }) {
  return <Primitive.Item className={classNames(ROW, danger && "text-danger-text", className)} {...rest} />;
}

export function MenuRadioItem({ children, ...rest }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={ROW} {...rest}>
      <span className="inline-flex w-3.5">
        <Primitive.ItemIndicator>
          <Check size={14} aria-hidden />
        </Primitive.ItemIndicator>
      </span>
      {children}
    </Primitive.RadioItem>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <Primitive.Label className="px-2 pt-1.5 pb-1 text-2xs text-n-10">{children}</Primitive.Label>;
}

export function MenuSeparator() {
  return <Primitive.Separator className="mx-1 my-1 h-px bg-n-6" />;
}
