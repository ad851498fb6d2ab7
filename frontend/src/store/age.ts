/** Ages and times as people read them. Time is an argument. */

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
/** Below this an age says "now": a counter of single seconds would only flicker. */
const NOW_S = 5;

/** `now`, `12 s`, `4 m`, `2 h`, `3 d`; an age below zero (clocks differ) is `now`. */
export function formatAge(seconds: number): string {
  if (seconds < NOW_S) return "now";
  if (seconds < MINUTE_S) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} m`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} d`;
}

/** `since 4 minutes`, for screen readers and sentences. */
export function spokenAge(seconds: number): string {
  if (seconds < NOW_S) return "just now";
  const [count, unit] =
    seconds < MINUTE_S
      ? [seconds, "second"]
      : seconds < HOUR_S
        ? [seconds / MINUTE_S, "minute"]
        : seconds < DAY_S
          ? [seconds / HOUR_S, "hour"]
          : [seconds / DAY_S, "day"];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

/** The exact local time, with seconds: `22 Nov 2026, 17:04:09`. */
export function exactTime(unixS: number, locale?: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "medium",
    hour12: false,
    ...zone,
  }).format(unixS * 1000);
}
