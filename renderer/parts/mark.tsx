/** The product's mark: two posts and what is held between them. */
export function Mark(props: { readonly size: number }) {
  return (
    <svg width={props.size} height={props.size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M5 3v18M19 3v18M5 12h4M15 12h4" stroke="currentColor" strokeWidth="2.5" />
      <circle cx="12" cy="12" r="2" fill="currentColor" />
    </svg>
  )
}
