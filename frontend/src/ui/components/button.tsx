import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

const look = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border text-sm transition-colors duration-100 disabled:pointer-events-none disabled:opacity-45 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        primary:
          "border-transparent bg-accent font-medium text-on-accent hover:bg-accent-text hover:text-n-1",
        plain: "border-n-7 bg-n-3 text-n-12 hover:border-n-8 hover:bg-n-4",
        quiet: "border-transparent bg-transparent text-n-11 hover:bg-n-4 hover:text-n-12",
        danger: "border-transparent bg-danger font-medium text-on-danger hover:bg-danger-text",
        dangerQuiet: "border-transparent bg-transparent text-danger-text hover:bg-danger-wash",
      },
      size: {
        md: "h-8 px-3",
        sm: "h-6.5 px-2 text-xs max-sm:h-9 max-sm:px-2.5",
        icon: "size-8",
        iconSm: "size-6 rounded-sm max-sm:size-9",
      },
    },
    defaultVariants: { tone: "plain", size: "md" },
  },
);

export type ButtonProps = ComponentProps<"button"> & VariantProps<typeof look>;

export function Button({ tone, size, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={classNames(look({ tone, size }), className)} {...rest} />;
}
