import { report } from '../../diagnostics/diagnostic.ts'
import { isTemplate } from '../../expr/template.ts'
import type { Rule } from '../rule.ts'
import { visit } from '../walk.ts'

/** Texts that are keys of well-known services, by their own form. */
const TOKENS: readonly (readonly [string, RegExp])[] = [
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20,}/],
  ['an API key', /\bsk-(?:ant-|proj-)?(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Za-z0-9_-]{24,}/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a password in an address', /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@$]+:[^\s/@${]{3,}@/],
]
const NAME = /(?:^|[_-])(?:password|passwd|secret|token|api_?key|private_?key|credentials?)$/i

/** A secret in a file is known to everyone who can read the repository, for ever. */
export const hardcodedSecret: Rule = {
  code: 'lint/hardcoded-secret',
  check: ({ files }) =>
    files.flatMap(({ document }) =>
      visit(document).flatMap(({ path, value }) => {
        if (typeof value !== 'string') return []
        const known = TOKENS.find(([, pattern]) => pattern.test(value))?.[0]
        const what = known ?? (isSecretVariable(path, value) ? `the value of \`${path.at(-1)}\`` : undefined)
        if (what === undefined) return []
        return report(
          'lint/hardcoded-secret',
          document.locate(path),
          `this looks like ${what}, in a file that others can read`,
          {
            hint: 'revoke it, name it in `secrets`, and read it by `env: { X: "${{ secrets.X }}" }`',
          },
        )
      }),
    ),
}

/** `env: { API_TOKEN: abc }`: a literal behind a name that is a secret's. */
function isSecretVariable(path: readonly (string | number)[], value: string): boolean {
  const inside = ['env', 'headers'].includes(String(path.at(-2)))
  return inside && NAME.test(String(path.at(-1))) && value.length >= 4 && value !== 'inherit' && !isTemplate(value)
}
