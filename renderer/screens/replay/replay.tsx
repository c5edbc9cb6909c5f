export function Replay(_: { readonly run: string | null; readonly seq: number | null }) {
  return null
}
