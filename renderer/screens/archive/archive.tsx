export function Archive() {
  return null
}
