export function Cockpit(_: { readonly run: string|null }) { return null }
