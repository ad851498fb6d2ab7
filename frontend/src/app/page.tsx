export default function Home() {
  return <main>Orchestra</main>;
}
