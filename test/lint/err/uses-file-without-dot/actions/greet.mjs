export const effects = 'none'
export const run = async () => ({})
