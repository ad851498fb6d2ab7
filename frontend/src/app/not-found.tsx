export default function NotFound() {
  return (
    <main className="flex h-dvh flex-col items-center justify-center gap-2 text-center">
      <h1 className="font-semibold text-lg">There is no such page</h1>
      <a href="/" className="rounded-md border border-n-7 bg-n-3 px-3 py-1.5">
        Go to the grid
      </a>
    </main>
  );
}
