import { useEffect, useState } from "react";
import type { Profile } from "@/api/client";
import { asProblem } from "@/api/problem";
import { useOrchestra } from "../orchestra-context";

export type Profiles =
  | { readonly kind: "loading" }
  | { readonly kind: "there"; readonly profiles: readonly Profile[] }
  | { readonly kind: "failed"; readonly message: string };

/** The profiles that the daemon offers, asked for afresh: a program may have been installed meanwhile. */
export function useProfiles(): Profiles {
  const { api } = useOrchestra();
  const [profiles, setProfiles] = useState<Profiles>({ kind: "loading" });
  useEffect(() => {
    let ended = false;
    api.profiles().then(
      (list) => ended || setProfiles({ kind: "there", profiles: list }),
      (error: unknown) => ended || setProfiles({ kind: "failed", message: asProblem(error).message }),
    );
    return () => {
      ended = true;
    };
  }, [api]);
  return profiles;
}
