import { App } from "@/ui/app";

export default function Home() {
  return <App />;
}
