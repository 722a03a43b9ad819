/** The forms of text that `format` knows. An unknown one fits: schemas/ allows no other. */
export function fitsFormat(format: string, text: string): boolean {
  return FORMATS[format]?.(text) ?? true
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i
const URI_TEXT = /^(?:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:z|[+-](\d{2}):(\d{2}))$/i
const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

const FORMATS: { readonly [format: string]: (text: string) => boolean } = {
  uri: (text) => SCHEME.test(text) && URI_TEXT.test(text) && URL.canParse(text),
  email: (text) => EMAIL.test(text),
  date: isDate,
  'date-time': (text) => {
    const [date = '', time = '', ...rest] = text.split(/t|\s/i)
    return rest.length === 0 && isDate(date) && isTime(time)
  },
  uuid: (text) => UUID.test(text),
}

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12 || day < 1) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)
}

function isTime(text: string): boolean {
  const match = TIME.exec(text)
  if (!match) return false
  const [hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  return hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60
}
