import type { Command } from './define';
import type { AuthnProvider } from './providers';

/** A source of passwords in the order of its directive. */
export interface NamedProvider {
  readonly name: string;
  readonly provider: AuthnProvider;
}

/** Looks a word of AuthBasicProvider, AuthDigestProvider or AuthFormProvider up, or gives Apache's refusal of it. */
export function findProvider(
  cmd: Command,
  name: string,
  { needs, title }: { readonly needs: keyof AuthnProvider; readonly title: string },
): NamedProvider | { readonly refusal: string } {
  const provider = cmd.authnProvider(name);
  if (provider === undefined) return { refusal: `Unknown Authn provider: ${name}` };
  if (provider[needs] === undefined)
    return { refusal: `The '${name}' Authn provider doesn't support ${title} Authentication` };
  return { name, provider };
}
