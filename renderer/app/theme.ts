/** Mantine in the product's tokens: one ink, no colours of its own. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const ink: MantineColorsTuple = [
  'var(--hp-surface-2)',
  'var(--hp-surface-3)',
  'var(--hp-line)',
  'var(--hp-line-2)',
  'var(--hp-control-line)',
  'var(--hp-ink-3)',
  'var(--hp-ink-2)',
  'var(--hp-ink)',
  'var(--hp-ink)',
  'var(--hp-ink)',
]

export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: 7,
  autoContrast: false,
  defaultRadius: 4,
  respectReducedMotion: true,
  fontFamily: 'var(--hp-font)',
  fontFamilyMonospace: 'var(--hp-mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'never',
})

const variables = {
  '--mantine-color-body': 'var(--hp-canvas)',
  '--mantine-color-text': 'var(--hp-ink)',
  '--mantine-color-dimmed': 'var(--hp-ink-3)',
  '--mantine-color-default': 'var(--hp-surface)',
  '--mantine-color-default-hover': 'var(--hp-surface-3)',
  '--mantine-color-default-color': 'var(--hp-ink)',
  '--mantine-color-default-border': 'var(--hp-control-line)',
  '--mantine-color-placeholder': 'var(--hp-ink-3)',
  '--mantine-color-error': 'var(--hp-state-failed)',
}

export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: variables })
