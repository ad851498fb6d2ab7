import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button";
import { classNames } from "./class-names";

interface DialogProps {
  readonly title: string;
  /** One sentence under the title. */
  readonly description?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
  readonly role?: "dialog" | "alertdialog";
  readonly testId?: string;
  /** Says where the focus goes afterwards. */
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** The focus starts where the work does: at the marked element, or else at the first control. */
function focusMarked(event: Event): void {
  const marked =
    event.currentTarget instanceof HTMLElement &&
    event.currentTarget.querySelector<HTMLElement>("[data-autofocus]");
  if (!marked) return;
  event.preventDefault();
  marked.focus();
}

/** An open dialog over the page; it is mounted while it is open. */
export function Dialog(props: DialogProps) {
  const {
    title,
    description,
    onClose,
    children,
    className,
    role = "dialog",
    testId,
    onCloseAutoFocus,
  } = props;
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <Primitive.Content
          role={role}
          data-testid={testId}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          onOpenAutoFocus={focusMarked}
          onCloseAutoFocus={onCloseAutoFocus}
          className={classNames(
            "fixed inset-x-0 top-[12vh] z-50 mx-auto flex max-h-[80vh] w-[min(520px,calc(100vw-24px))] animate-float-in flex-col overflow-hidden rounded-md border border-n-7 bg-float shadow-float outline-none max-sm:top-3 max-sm:max-h-[calc(100dvh-24px)]",
            className,
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="font-semibold text-md">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="mt-0.5 text-n-10">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <Button tone="quiet" size="iconSm" aria-label="Close" className="-mr-1.5">
                <X size={15} aria-hidden />
              </Button>
            </Primitive.Close>
          </header>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
