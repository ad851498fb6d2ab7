/** Four panes, one of them live. */
export function Logo({ size = 18 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 18 18" width={size} height={size} aria-hidden="true" className="shrink-0">
      <g fill="none" stroke="currentColor" strokeWidth="1.5" className="text-n-9">
        <rect x="1.25" y="1.25" width="6.5" height="6.5" rx="1.5" />
        <rect x="10.25" y="10.25" width="6.5" height="6.5" rx="1.5" />
        <rect x="1.25" y="10.25" width="6.5" height="6.5" rx="1.5" />
      </g>
      <rect x="9.5" y="0.5" width="8" height="8" rx="2" fill="currentColor" className="text-accent" />
    </svg>
  );
}
