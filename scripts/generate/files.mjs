// Which file is made by what.
import { bundle } from './bundle.mjs'
import { JSON_OUTPUTS, LANGUAGE, referenceOf } from './reference.mjs'
import { tableOf } from './table.mjs'
import { typesOf } from './types.mjs'
import { validatorsOf } from './validators.mjs'

const AUTHORED = { pipeline: 'Pipeline', coordinator: 'Coordinator', agents: 'AgentsFile', config: 'Config' }
const OUTPUTS = {
  'lint.output': 'LintOutput',
  'plan.output': 'PlanOutput',
  'run.output': 'RunOutput',
  'doctor.output': 'DoctorOutput',
  'report.output': 'ReportOutput',
  'overview.output': 'OverviewOutput',
}

/** Every generated file: path from the project root -> text. */
export async function generate(root) {
  const authored = await bundle(root, AUTHORED, ['common'])
  const outputs = await bundle(root, OUTPUTS, [])
  return new Map([
    ['src/model/generated/authored.types.ts', await typesOf(authored)],
    ['src/model/generated/outputs.types.ts', await typesOf(outputs)],
    ['src/model/generated/validators.ts', validatorsOf(authored)],
    ['src/model/generated/schemas.ts', tableOf(authored)],
    ['docs/language.md', referenceOf(authored, LANGUAGE)],
    ['docs/outputs.md', referenceOf(outputs, JSON_OUTPUTS)],
  ])
}
