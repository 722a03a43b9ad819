import { outline } from '../plan/outline.ts'
import { toDot, toMermaid } from '../plan/picture.ts'
import { unreachable } from '../util/unreachable.ts'
import { jsonText } from '../views/json.ts'
import { planText } from '../views/terminal/plan.ts'
import { wantsColour } from '../views/terminal/style.ts'
import { unheardIn } from '../views/terminal/unheard.ts'
import { compileTarget } from './compile-pipeline.ts'
import type { ExitCode, Io } from './io.ts'
import { printDiagnostics } from './print-diagnostics.ts'

/** `opsflow plan FILE|NAME [--format text|json|mermaid|dot]` */
export interface PlanOptions {
  readonly target: string
  readonly format?: 'text' | 'json' | 'mermaid' | 'dot'
}

/** Shows what would run, without running any of it. Exit 0 with a plan, 1 where the files have faults, which go to stderr. */
export async function plan(options: PlanOptions, io: Io): Promise<ExitCode> {
  const { result } = await compileTarget(options.target, io)
  if (!result.ok) {
    printDiagnostics(result.diagnostics, io)
    return 1
  }
  const compiled = result.value
  const format = options.format ?? 'text'
  // what a caller sees first is drawn first
  const pipelines = [compiled.root, ...Object.keys(compiled.pipelines).filter((name) => name !== compiled.root)].map(
    (name) => compiled.pipelines[name]!,
  )
  switch (format) {
    case 'text':
      io.stdout.write(
        unheardIn(
          io.env,
          planText(outline(compiled), { color: wantsColour(io.stdout, io.env), columns: io.stdout.columns }),
        ),
      )
      return 0
    case 'json':
      io.stdout.write(`${jsonText(outline(compiled))}\n`)
      return 0
    case 'mermaid':
      io.stdout.write(toMermaid(pipelines))
      return 0
    case 'dot':
      io.stdout.write(toDot(pipelines))
      return 0
    default:
      return unreachable(format)
  }
}
