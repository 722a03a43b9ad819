import type { CoordinatorReport } from '../model/generated/authored.types.ts'
import type { PipelinePlan } from './plan.ts'
import { tell } from './report.ts'
import { child, items, type Source, textsOf, valueAt } from './source.ts'
import type { Session } from './unit.ts'

const sectionsOf = (coordinator: Source | undefined) => child(child(coordinator, 'report'), 'sections')

/** Each part of a report stands in it once. */
export function checkSections(session: Session, coordinator: Source): void {
  const seen = new Map<unknown, Source>()
  for (const section of items(sectionsOf(coordinator))) {
    const { value } = section
    const other = seen.get(value)
    if (other === undefined) seen.set(value, section)
    else
      tell(session, 'plan/duplicate-section', valueAt(section), `the section \`${value}\` is listed twice`, {
        related: [{ message: 'the other one', at: valueAt(other) }],
      })
  }
}

/** The pipeline that a coordinator starts, with what its report shall say. */
export function withSections(session: Session, plan: PipelinePlan): PipelinePlan {
  const sections = textsOf(sectionsOf(session.coordinator)) as NonNullable<CoordinatorReport['sections']>
  return sections.length === 0 ? plan : { ...plan, sections }
}
