const PLACES = ["a", "b", "c", "d"];

/** Where tiles will be, before the daemon has said which. Still: a shimmer would call for attention. */
export function TileSkeletons() {
  return (
    <div
      role="status"
      aria-label="Loading agents"
      className="grid max-w-[1240px] grid-cols-2 gap-(--tile-gap) max-sm:grid-cols-1"
    >
      {PLACES.map((place) => (
        <div key={place} className="overflow-hidden rounded-md border border-n-6 bg-n-1">
          <div className="h-(--tile-head) bg-n-3" />
          <div className="aspect-[5/3]" />
        </div>
      ))}
    </div>
  );
}
