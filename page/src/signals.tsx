import type { CoordinatorPicture } from '../../src/server/api.ts'
import { StartForm } from './act.tsx'
import { useAsked } from './ask.ts'
import { Problem } from './words.tsx'

/** Who answers what: each coordinator with its signals, what they carry and where they go. */
export function Signals() {
  const { problem, value } = useAsked<readonly CoordinatorPicture[]>('/api/signals')
  return (
    <section aria-labelledby="signals-title">
      <h1 id="signals-title">Signals</h1>
      <Problem text={problem} />
      <p className="count" role="status">
        {value
          ? value.length === 0
            ? 'This project has no coordinator: nobody answers signals.'
            : `${value.length} ${value.length === 1 ? 'coordinator' : 'coordinators'}`
          : 'Reading …'}
      </p>
      {value?.map((coordinator) => (
        <section key={coordinator.name} aria-label={`Coordinator ${coordinator.name}`}>
          <h2>
            {coordinator.name} <code className="dim">{coordinator.file}</code>
          </h2>
          {coordinator.description && <p>{coordinator.description}</p>}
          <Problem text={coordinator.fault} />
          {coordinator.signals.length > 0 && (
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">Signal</th>
                  <th scope="col">From</th>
                  <th scope="col">Carries</th>
                  <th scope="col">Answered with</th>
                </tr>
              </thead>
              <tbody>
                {coordinator.signals.map((signal) => (
                  <tr key={signal.signal}>
                    <td>
                      <code>{signal.signal}</code>
                      <details>
                        <summary aria-label={`Send …: ${signal.signal}`}>Send …</summary>
                        <StartForm verb="signal" name={signal.signal} fields={signal.fields} word="Send" />
                      </details>
                    </td>
                    <td>{signal.from.length === 0 ? 'anyone' : signal.from.join(', ')}</td>
                    <td>{signal.payload.join(', ')}</td>
                    <td>
                      {signal.forward !== undefined && <>forwarded to {signal.forward}</>}
                      <ul className="plain">
                        {signal.routes.map((route) => (
                          <li key={`${route.when} ${route.pipeline}`}>
                            <strong>{route.pipeline}</strong>
                            {route.when !== undefined && (
                              <>
                                {' '}
                                when <code>{route.when}</code>
                              </>
                            )}
                          </li>
                        ))}
                      </ul>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      ))}
    </section>
  )
}
