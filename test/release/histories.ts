/** A history: commit messages, oldest first; `@v1.0.0` is a tag on the commit before it, `#2` in a message the commit of that number. */
export interface History {
  readonly commits: readonly (string | { readonly merge: string } | { readonly described: string })[]
  readonly version: string
  /** The lines of the changelog entry below its title, without blank ones; headings with `+`. */
  readonly entry: readonly string[]
  readonly prerelease?: string
  readonly asked?: string
  readonly written?: string
  readonly branch?: string
  /** What a person wrote under [Unreleased], and the sections below. */
  readonly changelog?: string
  readonly path?: string
  readonly name?: string
  readonly tag?: string
}

const ONE = ['feat: begin', '@v1.0.0']

/** What can be released. */
export const HISTORIES: Readonly<Record<string, History>> = {
  'a fix': { commits: [...ONE, 'fix: stop'], version: '1.0.1', entry: ['+Fixed', '- Stop'] },
  'a feature beats fixes': {
    commits: [...ONE, 'fix: stop', 'feat: go', 'fix: turn'],
    version: '1.1.0',
    entry: ['+Added', '- Go', '+Fixed', '- Stop', '- Turn'],
  },
  'a performance gain': { commits: [...ONE, 'perf: less'], version: '1.0.1', entry: ['+Changed', '- Less'] },
  'a break by `!`': { commits: [...ONE, 'feat!: go'], version: '2.0.0', entry: ['+Added', '- **Breaking:** Go'] },
  'a break by `!` behind a scope': {
    commits: [...ONE, 'feat(api)!: go'],
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** api: Go'],
  },
  'a break of an inner type': {
    commits: [...ONE, 'chore!: drop Node 20'],
    version: '2.0.0',
    entry: ['+Changed', '- **Breaking:** Drop Node 20'],
  },
  'a break by a footer, told in the entry': {
    commits: [...ONE, 'fix: stop\n\nWhy.\n\nBREAKING CHANGE: `stop` waits\nuntil it stands\nReviewed-by: Z'],
    version: '2.0.0',
    entry: ['+Fixed', '- **Breaking:** Stop', '  - `stop` waits until it stands'],
  },
  'a break by a footer with a dash': {
    commits: [...ONE, 'fix: stop\n\nBREAKING-CHANGE: waits'],
    version: '2.0.0',
    entry: ['+Fixed', '- **Breaking:** Stop', '  - waits'],
  },
  'a break by both is told once': {
    commits: [...ONE, 'feat!: go\n\nBREAKING CHANGE: go'],
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** Go'],
  },
  'two footers of one commit': {
    commits: [...ONE, 'feat: go\n\nBREAKING CHANGE: one\n\nBREAKING CHANGE: two'],
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** Go', '  - one', '  - two'],
  },
  'a footer in a commit that follows no convention': {
    commits: [...ONE, 'Rewrite it\n\nBREAKING CHANGE: all'],
    version: '2.0.0',
    entry: ['+Changed', '- **Breaking:** Rewrite it', '  - all'],
  },
  'words that only look like a footer': {
    commits: [...ONE, 'fix: stop\n\nThis is no BREAKING CHANGE: really\nbreaking change: no'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop'],
  },
  'types in capitals, odd spaces, line ends of Windows': {
    commits: [...ONE, 'FEAT( ui ):   Go \r\n\r\nBREAKING CHANGE: x\r\n', 'Fix(a b):\tstop'],
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** ui: Go', '  - x', '+Fixed', '- a b: Stop'],
  },
  'scopes with all signs': {
    commits: [...ONE, 'fix(@acme/ui, core/x.y): stop'],
    version: '1.0.1',
    entry: ['+Fixed', '- @acme/ui, core/x.y: Stop'],
  },
  'commits without a convention are listed, not lost': {
    commits: [...ONE, 'fix: stop', 'Update the thing', 'feat:no space', 'feat : space', 'WIP', 'feat!(x): order'],
    version: '1.0.1',
    entry: [
      '+Fixed',
      '- Stop',
      '+Other',
      '- Update the thing',
      '- Feat:no space',
      '- Feat : space',
      '- WIP',
      '- Feat!(x): order',
    ],
  },
  'types that nobody declared are listed with their type': {
    commits: [...ONE, 'fix: stop', 'security(tls): pin', 'note: see the docs'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop', '+Other', '- security: tls: Pin', '- note: See the docs'],
  },
  'inner types are not listed': {
    commits: [...ONE, 'docs: a', 'ci: b', 'test(x): c', 'style: d', 'refactor: e', 'build(deps): f', 'fix: stop'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop'],
  },
  'the same words twice are one entry': {
    commits: [...ONE, 'fix: stop', 'fix: stop'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop'],
  },
  'a commit and its revert are no change': {
    commits: [...ONE, 'fix: stop', 'feat!: go', 'Revert "feat!: go"\n\nThis reverts commit #3.'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop'],
  },
  'a revert of a revert brings the change back': {
    commits: [
      ...ONE,
      'feat: go',
      'Revert "feat: go"\n\nThis reverts commit #2.',
      'Reapply "feat: go"\n\nThis reverts commit #3.',
    ],
    version: '1.1.0',
    entry: ['+Added', '- Go'],
  },
  'a revert of what was released': {
    commits: ['feat(ui): go', '@v1.0.0', 'Revert "feat(ui): go"\n\nThis reverts commit #1.'],
    version: '1.0.1',
    entry: ['+Changed', '- Reverted: ui: Go'],
  },
  'a conventional revert of what was released': {
    commits: [...ONE, 'revert: feat(ui): go\n\nRefs: 676104e, a215868'],
    version: '1.0.1',
    entry: ['+Changed', '- Reverted: ui: Go'],
  },
  'a conventional revert by its references': {
    commits: [...ONE, 'feat: go', 'fix: stop', 'revert: let us never\n\nRefs: #2'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop'],
  },
  'what was released and reverted comes back': {
    commits: [
      'feat: go',
      'Revert "feat: go"\n\nThis reverts commit #1.',
      '@v1.0.0',
      'Reapply "feat: go"\n\nThis reverts commit #2.',
    ],
    version: '1.1.0',
    entry: ['+Added', '- Go'],
  },
  'a merge says nothing by itself': {
    commits: [
      ...ONE,
      'feat: go',
      { merge: "Merge branch 'go' into main" },
      { merge: 'Merge pull request #7 from x/y\n\nGo' },
    ],
    version: '1.1.0',
    entry: ['+Added', '- Go'],
  },
  'a merge with a conventional subject, and one with a footer': {
    commits: [...ONE, { merge: 'feat: go' }, { merge: 'Merge pull request #8 from x/y\n\nBREAKING CHANGE: gone' }],
    version: '2.0.0',
    entry: ['+Added', '- Go', '+Changed', '- **Breaking:** Merge pull request #8 from x/y', '  - gone'],
  },
  'a squash whose subject speaks': {
    commits: [...ONE, 'feat: log in (#12)\n\n* feat: a form\n\n* fix: a typo\n\n* Review\n'],
    version: '1.1.0',
    entry: ['+Added', '- Log in (#12)'],
  },
  'a squash that hides a break': {
    commits: [...ONE, 'feat: log in (#12)\n\n* feat(api)!: drop v1\n* fix: a typo'],
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** api: Drop v1', '- Log in (#12)'],
  },
  'a squash whose subject follows no convention': {
    commits: [
      ...ONE,
      'Log in (#12)\n\n* feat: a form\n\nWith two fields.\n\nBREAKING CHANGE: no basic auth\n\n* fix: a typo\n\n---------\n\nCo-authored-by: Z <z@example.org>',
    ],
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** A form', '  - no basic auth', '+Fixed', '- A typo'],
  },
  'a squash of inner work': {
    commits: [...ONE, 'fix: stop', 'Tidy up (#9)\n\n* chore: a\n* test: b'],
    version: '1.0.1',
    entry: ['+Fixed', '- Stop', '+Other', '- Tidy up (#9)'],
  },
  'no tag and no version': { commits: ['Initial commit'], version: '0.1.0', entry: ['+Other', '- Initial commit'] },
  'no tag, and a version in the files': {
    commits: ['feat: go'],
    written: '3.2.1',
    version: '3.2.1',
    entry: ['+Added', '- Go'],
  },
  'no tag, and a version in work': {
    commits: ['feat: go'],
    written: '1.0.0-dev',
    version: '1.0.0',
    entry: ['+Added', '- Go'],
  },
  'tags without v': {
    commits: ['feat: go', '@1.2.3', 'fix: stop'],
    version: '1.2.4',
    tag: '1.2.4',
    entry: ['+Fixed', '- Stop'],
  },
  'tags with the name': {
    commits: ['feat: go', '@app@1.2.3', 'fix: stop'],
    name: 'app',
    version: '1.2.4',
    tag: 'app@1.2.4',
    entry: ['+Fixed', '- Stop'],
  },
  'tags of others count for nothing': {
    commits: ['feat: go', '@v1.2.3', '@nightly', '@v9', '@other@7.0.0', '@v1.2', '@release-3', 'fix: stop'],
    version: '1.2.4',
    entry: ['+Fixed', '- Stop'],
  },
  'the highest tag counts, by number and not by letter': {
    commits: ['feat: go', '@v1.9.0', 'feat: on', '@v1.10.0', 'fix: stop'],
    version: '1.10.1',
    entry: ['+Fixed', '- Stop'],
  },
  'a package by its path, tagged with its scoped name': {
    commits: ['feat: go', '@v5.0.0', '@@acme/app@1.0.0', 'feat: on'],
    path: 'packages/app',
    name: '@acme/app',
    version: '1.1.0',
    tag: '@acme/app@1.1.0',
    entry: ['+Added', '- On'],
  },
  'a package by its path, in the habit of its tags': {
    commits: ['feat: go', '@packages/app/v1.0.0', 'feat: on'],
    path: 'packages/app',
    version: '1.1.0',
    tag: 'packages/app/v1.1.0',
    entry: ['+Added', '- On'],
  },
  'a package that was never released': {
    commits: ['feat: go', '@v5.0.0', 'feat: on'],
    path: 'packages/app',
    version: '0.1.0',
    tag: 'app@0.1.0',
    entry: ['+Added', '- Go', '- On'],
  },
  'below 1.0.0 a break is a minor step': {
    commits: ['feat: go', '@v0.3.1', 'feat!: on'],
    version: '0.4.0',
    entry: ['+Added', '- **Breaking:** On'],
  },
  'below 1.0.0 a feature is a minor step, and a fix a patch': {
    commits: ['feat: go', '@v0.0.3', 'feat: on', '@v0.1.0', 'fix: stop'],
    version: '0.1.1',
    entry: ['+Fixed', '- Stop'],
  },
  'out of 0.x by a word of a person': {
    commits: ['feat: go', '@v0.9.0', 'feat: on'],
    asked: '1.0.0',
    version: '1.0.0',
    entry: ['+Added', '- On'],
  },
  'out of 0.x by the files': {
    commits: ['feat: go', '@v0.9.0', 'feat: on'],
    written: '1.0.0',
    version: '1.0.0',
    entry: ['+Added', '- On'],
  },
  'a first pre-release': {
    commits: [...ONE, 'feat: go'],
    prerelease: 'rc',
    version: '1.1.0-rc.1',
    entry: ['+Added', '- Go'],
  },
  'the next pre-release tells what is new since the one before': {
    commits: [...ONE, 'feat: go', '@v1.1.0-rc.1', 'fix: stop'],
    prerelease: 'rc',
    version: '1.1.0-rc.2',
    entry: ['+Fixed', '- Stop'],
  },
  'a pre-release that grows': {
    commits: [...ONE, 'feat: go', '@v1.1.0-rc.1', 'feat!: on'],
    prerelease: 'rc',
    version: '2.0.0-rc.1',
    entry: ['+Added', '- **Breaking:** On'],
  },
  'the tenth pre-release is above the ninth': {
    commits: [...ONE, 'feat: go', '@v1.1.0-rc.9', 'fix: a', '@v1.1.0-rc.10', 'fix: stop'],
    prerelease: 'rc',
    version: '1.1.0-rc.11',
    entry: ['+Fixed', '- Stop'],
  },
  'from beta to candidate': {
    commits: [...ONE, 'feat: go', '@v1.1.0-beta.4', 'fix: stop'],
    prerelease: 'rc',
    version: '1.1.0-rc.1',
    entry: ['+Fixed', '- Stop'],
  },
  'a promotion needs nothing new, and tells all since the last full release': {
    commits: [...ONE, 'feat: go', '@v1.1.0-beta.1', 'fix: stop', '@v1.1.0-rc.1'],
    version: '1.1.0',
    written: '1.1.0-rc.1',
    entry: ['+Added', '- Go', '+Fixed', '- Stop'],
  },
  'a promotion to a version that only the pre-release named': {
    commits: [...ONE, 'fix: go', '@v2.0.0-rc.1', 'fix: stop'],
    version: '2.0.0',
    entry: ['+Fixed', '- Go', '- Stop'],
  },
  'a promotion takes over what a person wrote for the pre-releases': {
    commits: [
      ...ONE,
      { described: 'feat: go' },
      '@v1.1.0-rc.1',
      { described: 'fix: stop' },
      '@v1.1.0-rc.2',
      'fix: last',
    ],
    version: '1.1.0',
    changelog:
      '## [Unreleased]\n\n## [1.1.0-rc.2] - 2026-01-02\n\n### Fixed\n\n- Stops by itself\n\n## [1.1.0-rc.1] - 2026-01-01\n\nA word.\n\n### Added\n\n- Goes by itself\n\n### Fixed\n\n- Small\n\n## [1.0.0] - 2025-01-01\n',
    entry: ['A word.', '+Added', '- Goes by itself', '+Fixed', '- Small', '- Stops by itself', '- Last'],
  },
  'a first release by pre-releases': {
    commits: ['feat: go', '@v1.0.0-alpha.1', 'fix: stop'],
    version: '1.0.0',
    entry: ['+Added', '- Go', '+Fixed', '- Stop'],
  },
  'a pre-release by a word of a person': {
    commits: [...ONE, 'feat: go'],
    asked: '3.0.0-beta.7',
    version: '3.0.0-beta.7',
    entry: ['+Added', '- Go'],
  },
  'a branch of a line': {
    commits: ['feat: go', '@v1.2.3', 'fix: stop'],
    branch: 'release/1.2',
    version: '1.2.4',
    entry: ['+Fixed', '- Stop'],
  },
  'a branch of a major line': {
    commits: ['feat: go', '@v1.2.3', 'feat: on'],
    branch: '1.x',
    version: '1.3.0',
    entry: ['+Added', '- On'],
  },
  'a branch that has the number of a ticket': {
    commits: ['feat: go', '@v1.2.3', 'feat!: on'],
    branch: 'fix/77',
    version: '2.0.0',
    entry: ['+Added', '- **Breaking:** On'],
  },
  'words under [Unreleased] are a release, whatever the commits say': {
    commits: [...ONE, { described: 'docs: words' }],
    changelog: '## [Unreleased]\n\n- Better words\n',
    version: '1.0.1',
    entry: ['- Better words'],
  },
  'a tag form that was asked for': {
    commits: ['feat: go', '@v1.0.0', '@rel-3.0.0', 'fix: stop'],
    tag: 'rel-3.0.1',
    version: '3.0.1',
    entry: ['+Fixed', '- Stop'],
  },
}

/** What cannot. */
export const REFUSED: Readonly<Record<string, Omit<History, 'version' | 'entry'> & { readonly says: RegExp }>> = {
  'nothing since': { commits: ONE, says: /nothing was committed since `v1.0.0`/ },
  'inner work alone': { commits: [...ONE, 'docs: a', 'chore: b'], says: /none of the 2 commits/ },
  'commits without a convention alone are named': {
    commits: [...ONE, 'Update it', 'docs: a'],
    says: /none of the 2 commits since `v1.0.0` .*; one follows no convention: `\w{10} Update it`/,
  },
  'a change that was taken back': {
    commits: [...ONE, 'feat: go', 'Revert "feat: go"\n\nThis reverts commit #2.'],
    says: /nothing was committed/,
  },
  'a version below the last': {
    commits: [...ONE, 'fix: a'],
    asked: '0.9.0',
    says: /not above the last release, `1.0.0`/,
  },
  'a version that is none': { commits: [...ONE, 'fix: a'], asked: '1.1', says: /`1.1` is no semantic version/ },
  'a feature on a branch of patches': {
    commits: [...ONE, 'feat: go'],
    branch: '1.0.x',
    says: /`1.0.x` gets versions 1.0.x, and the commits since `v1.0.0` ask for `1.1.0`/,
  },
  'nothing since the pre-release': {
    commits: [...ONE, 'feat: go', '@v1.1.0-rc.1', 'docs: a'],
    prerelease: 'rc',
    says: /since `v1.1.0-rc.1`/,
  },
  'from candidate back to beta': {
    commits: [...ONE, 'feat: go', '@v1.1.0-rc.1', 'fix: a'],
    prerelease: 'beta',
    says: /`1.1.0-beta.1` would stand below `v1.1.0-rc.1`/,
  },
  'a pre-release named by a number': {
    commits: [...ONE, 'fix: a'],
    prerelease: '1',
    says: /`1` cannot name a pre-release/,
  },
}
