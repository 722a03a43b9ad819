import { describe, expect, test } from 'vitest'
import { releaseChangelog } from '../../src/actions/release/changelog-text.ts'
import { parseCommit } from '../../src/actions/release/commits.ts'

const release = (commits: string[], described: string[] = []) => ({
  version: '1.1.0',
  date: '2026-03-01',
  tag: 'v1.1.0',
  previousTag: 'v1.0.0',
  commits: [
    ...commits.map((message) => parseCommit('a', message, false)),
    ...described.map((message) => parseCommit('b', message, true)),
  ],
})

describe('the changelog of a release', () => {
  test('is created when there is none, with the entries grouped', () => {
    const { text, entry } = releaseChangelog(
      undefined,
      release(['fix(parser): stop at the end', 'feat: read files', 'chore: tidy', 'feat!: drop the old form']),
    )
    expect(entry).toBe(
      '## [1.1.0] - 2026-03-01\n\n### Added\n\n- **Breaking:** Drop the old form\n- Read files\n\n### Fixed\n\n- parser: Stop at the end',
    )
    expect(text).toContain('## [Unreleased]\n\n## [1.1.0] - 2026-03-01\n')
    expect(text.endsWith('- parser: Stop at the end\n')).toBe(true)
  })

  test('keeps what a person wrote byte for byte and moves it under the version', () => {
    const own = '### Fixed\n\n*  Odd   spacing, kept\t\n  - nested\n\nSome prose.'
    const before = `# Log of changes\n\nIntro.\n\n## [Unreleased]\n\n${own}\n\n## [1.0.0] - 2026-01-01\n\n- First\n`
    const { text, entry } = releaseChangelog(before, release([]))
    expect(text).toBe(
      `# Log of changes\n\nIntro.\n\n## [Unreleased]\n\n## [1.1.0] - 2026-03-01\n\n${own}\n\n## [1.0.0] - 2026-01-01\n\n- First\n`,
    )
    expect(entry).toContain(own)
  })

  test('adds missing entries under the heading that is there, and new headings after it', () => {
    const before = '## [Unreleased]\n\n### Fixed\n\n- Mine\n\n### Security\n\n- Careful\n\n## [1.0.0] - 2026-01-01\n'
    const { entry } = releaseChangelog(before, release(['fix: theirs', 'feat: new']))
    expect(entry).toBe(
      '## [1.1.0] - 2026-03-01\n\n### Fixed\n\n- Mine\n- Theirs\n\n### Security\n\n- Careful\n\n### Added\n\n- New',
    )
  })

  test('adds nothing for a commit whose author changed the changelog', () => {
    const { entry } = releaseChangelog(
      '## [Unreleased]\n\n- Words of the author\n',
      release([], ['feat: words of the commit']),
    )
    expect(entry).toBe('## [1.1.0] - 2026-03-01\n\n- Words of the author')
  })

  test('keeps CRLF', () => {
    const { text } = releaseChangelog(
      '# C\r\n\r\n## [Unreleased]\r\n\r\n## [1.0.0] - 2026-01-01\r\n',
      release(['feat: new']),
    )
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    expect(text).toContain('### Added\r\n\r\n- New\r\n\r\n## [1.0.0]')
  })

  test('goes above the first version where [Unreleased] is missing', () => {
    const { text } = releaseChangelog('# C\n\n## 1.0.0\n\n- First\n', release(['feat: new']))
    expect(text).toBe(
      '# C\n\n## [Unreleased]\n\n## [1.1.0] - 2026-03-01\n\n### Added\n\n- New\n\n## 1.0.0\n\n- First\n',
    )
  })

  test('moves the comparison links on', () => {
    const before =
      '## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n[Unreleased]: https://example.org/p/compare/v1.0.0...HEAD\n[1.0.0]: https://example.org/p/tag/v1.0.0\n'
    const { text, entry } = releaseChangelog(before, release(['fix: x']))
    expect(text).toContain(
      '[Unreleased]: https://example.org/p/compare/v1.1.0...HEAD\n[1.1.0]: https://example.org/p/compare/v1.0.0...v1.1.0\n[1.0.0]: https://example.org/p/tag/v1.0.0\n',
    )
    expect(entry).not.toContain('https://')
  })

  test('released twice in a row, the first release stays as it was', () => {
    const first = releaseChangelog('# C\n\n## [Unreleased]\n\n- One\n', release([]))
    const second = releaseChangelog(first.text, { ...release(['fix: two']), version: '1.1.1', tag: 'v1.1.1' })
    expect(second.text).toContain(`${first.entry}\n`)
    expect(second.text.indexOf('[1.1.1]')).toBeLessThan(second.text.indexOf('[1.1.0]'))
  })
})
