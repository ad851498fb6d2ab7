import { KEY_SHEET } from "@/store/key-reader";
import { Dialog } from "../components/dialog";
import { Kbd } from "../components/kbd";
import { useReturnFocus } from "./use-return-focus";

/** Every key that this page knows. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const returnFocus = useReturnFocus();
  return (
    <Dialog
      title="Keys"
      description="A focused terminal gets every key except Ctrl K (Cmd K on a Mac) and the leader, Ctrl \."
      onClose={onClose}
      testId="key-sheet"
      onCloseAutoFocus={returnFocus}
      className="w-[min(720px,calc(100vw-24px))]"
    >
      <div
        data-autofocus
        tabIndex={-1}
        className="outline-none grid grid-cols-2 gap-x-10 gap-y-5 overflow-y-auto px-5 pt-1 pb-5 max-sm:grid-cols-1"
      >
        {KEY_SHEET.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1.5 font-medium text-n-10 text-xs">{title}</h3>
            <dl className="flex flex-col">
              {keys.map(([caps, meaning]) => (
                <div key={caps} className="flex h-7 items-center justify-between gap-3">
                  <dt className="min-w-0 text-n-11">{meaning}</dt>
                  <dd>
                    <Kbd keys={caps} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
