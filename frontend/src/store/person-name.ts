/** A person in few letters. Owners are `issuer|subject`, and a subject may name its own issuer once more: `local|root`. */
export function personName(identity: string): string {
  return identity.slice(identity.lastIndexOf("|") + 1);
}
