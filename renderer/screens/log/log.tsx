export function Log(_: { readonly seq: number | null }) {
  return null
}
