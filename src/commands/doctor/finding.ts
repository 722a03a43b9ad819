import type { DoctorOutput } from '../../model/generated/outputs.types.ts'

/** One thing that the doctor looked at; what is not well has a remedy. */
export type Finding = DoctorOutput['findings'][number]

type About = Finding['id']

export const well = (id: About, message: string): Finding => ({ id, status: 'ok', message })
export const remark = (id: About, message: string, remedy: string): Finding => ({ id, status: 'info', message, remedy })
export const warning = (id: About, message: string, remedy: string): Finding => ({
  id,
  status: 'warning',
  message,
  remedy,
})
export const fault = (id: About, message: string, remedy: string): Finding => ({ id, status: 'error', message, remedy })
