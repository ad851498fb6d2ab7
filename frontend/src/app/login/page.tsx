import type { Metadata } from "next";
import { LoginPage } from "@/ui/login-page";

export const metadata: Metadata = { title: "Sign in · Orchestra" };

export default function Login() {
  return <LoginPage />;
}
