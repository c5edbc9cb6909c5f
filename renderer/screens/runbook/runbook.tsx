export function RunbookScreen(_: { readonly id: string|null }) { return null }
