import { CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { useEffect } from "react";
import type { Notice } from "@/store/notice";
import { Button } from "./components/button";
import { classNames } from "./components/class-names";
import { useNotices, usePerform } from "./orchestra-context";

const SHOWN_MS = { info: 4000, success: 3000, danger: 12_000 };
const MARKS = { info: Info, success: CircleCheck, danger: TriangleAlert };
const COLOURS = { info: "text-info", success: "text-success", danger: "text-danger" };

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const dismiss = useNotices((state) => state.dismiss);
  const perform = usePerform();
  useEffect(() => {
    const timer = setTimeout(() => dismiss(notice.id), SHOWN_MS[notice.tone]);
    return () => clearTimeout(timer);
  }, [dismiss, notice.id, notice.tone]);
  const Mark = MARKS[notice.tone];
  return (
    <li
      role={notice.tone === "danger" ? "alert" : "status"}
      className="pointer-events-auto flex w-full animate-float-in items-start gap-2.5 rounded-md border border-n-7 bg-float py-2 pr-1.5 pl-3 shadow-float"
    >
      <Mark size={15} aria-hidden className={classNames("mt-0.5 shrink-0", COLOURS[notice.tone])} />
      <div className="min-w-0 flex-1">
        <p>{notice.text}</p>
        {notice.detail !== undefined && <p className="break-words text-n-11 text-xs">{notice.detail}</p>}
      </div>
      {notice.help !== undefined && (
        <Button size="sm" onClick={() => notice.help && perform(notice.help.action)}>
          {notice.help.label}
        </Button>
      )}
      <Button tone="quiet" size="iconSm" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
        <X size={13} aria-hidden />
      </Button>
    </li>
  );
}

/** Bottom right, above everything but never in the way of the keyboard. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <section aria-label="Notices">
      <ul className="pointer-events-none fixed right-3 bottom-10 z-60 flex w-[min(400px,calc(100vw-24px))] flex-col gap-2 max-sm:bottom-24">
        {notices.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </ul>
    </section>
  );
}
