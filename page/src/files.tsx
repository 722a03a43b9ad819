import type { FileRow } from '../../src/server/api.ts'
import { useAsked } from './ask.ts'
import { writeRoute } from './route.ts'
import { Problem } from './words.tsx'

/** The files of the project with what the linter found in each. */
export function Files() {
  const { problem, value } = useAsked<readonly FileRow[]>('/api/files')
  return (
    <section aria-labelledby="files-title">
      <h1 id="files-title">Files</h1>
      <Problem text={problem} />
      <p className="count" role="status">
        {value
          ? value.length === 0
            ? 'This project has no files of opsflow yet.'
            : `${value.length} ${value.length === 1 ? 'file' : 'files'}`
          : 'Checking …'}
      </p>
      {value && value.length > 0 && (
        <table className="list files">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Kind</th>
              <th scope="col">Name</th>
              <th scope="col">Findings</th>
            </tr>
          </thead>
          <tbody>
            {value.map((row) => (
              <tr key={row.path}>
                <td>
                  <a href={writeRoute({ words: ['files', row.path], query: {} })}>{row.path}</a>
                </td>
                <td>{row.kind}</td>
                <td>{row.name ?? ''}</td>
                <td>
                  <Counts row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

export function Counts({ row: { errors, warnings } }: { readonly row: FileRow }) {
  if (errors + warnings === 0) return <span className="status good">✓ none</span>
  return (
    <>
      {errors > 0 && <span className="status bad">✗ {errors === 1 ? '1 error' : `${errors} errors`}</span>}{' '}
      {warnings > 0 && <span className="status warn">! {warnings === 1 ? '1 warning' : `${warnings} warnings`}</span>}
    </>
  )
}
