import type { Action } from './action.ts'

/** Every built-in action: what `uses:` may name, and how its module is loaded (only where it is run or described). */
export const BUILT_IN: Readonly<Record<string, () => Promise<Action>>> = {
  'ci/project-tests': async () => (await import('./ci/project-tests.ts')).projectTests,
  'ci/project-checks': async () => (await import('./ci/project-checks.ts')).projectChecks,
  'ci/project-build': async () => (await import('./ci/project-build.ts')).projectBuild,
  'docs/links': async () => (await import('./docs/links.ts')).links,
  'git/session': async () => (await import('./git/session.ts')).session,
  'ops/document': async () => (await import('./ops/document.ts')).document,
  'ops/synthesis': async () => (await import('./ops/synthesis.ts')).synthesis,
  'git/changed-files': async () => (await import('./git/changed-files.ts')).changedFiles,
  'git/conventional-commits': async () => (await import('./git/conventional-commits.ts')).conventionalCommits,
  'git/branch': async () => (await import('./git/branch.ts')).branch,
  'git/commit': async () => (await import('./git/commit.ts')).commit,
  'git/push': async () => (await import('./git/push.ts')).push,
  'git/no-secrets-in-diff': async () => (await import('./git/no-secrets-in-diff.ts')).noSecretsInDiff,
  'github/release': async () => (await import('./github/release.ts')).gitHubRelease,
  'github/pull-request': async () => (await import('./github/pull-request.ts')).gitHubPullRequest,
  'github/checks': async () => (await import('./github/checks.ts')).gitHubChecks,
  'release/preflight': async () => (await import('./release/preflight.ts')).preflight,
  'release/next-version': async () => (await import('./release/next-version.ts')).nextVersion,
  'release/pick': async () => (await import('./release/pick.ts')).pick,
  'release/changelog': async () => (await import('./release/changelog.ts')).changelog,
  'release/commit-and-tag': async () => (await import('./release/commit-and-tag.ts')).commitAndTag,
  'release/publish': async () => (await import('./release/publish.ts')).publish,
  'release/update-checkout': async () => (await import('./release/update-checkout.ts')).updateCheckout,
  'release/clean-up': async () => (await import('./release/commit-and-tag.ts')).cleanUp,
}
