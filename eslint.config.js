import js from '@eslint/js';
import ts from 'typescript-eslint';

export default ts.config(
  {
    ignores: [
      'dist',
      'coverage',
      'artifacts',
      '.repro',
      'src/schema/types.ts',
      'src/schema/validators.js',
      'src/schema/validators.d.ts',
      'src/report/page-script.ts',
      'src/live/page-script.ts',
      'test/golden',
      'test/fixtures',
    ],
  },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    languageOptions: {
      globals: {
        module: 'writable',
        process: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
      },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': [
        'error',
        { property: 'localeCompare', message: 'Order depends on the machine: compare code units with < and >.' },
        {
          object: 'Math',
          property: 'random',
          message: 'Use the counter-based generator of tensor/random.ts, keyed by (seed, purpose, step).',
        },
        { object: 'Date', property: 'now', message: 'Time is read only through the Clock of runner/clock.ts.' },
        { object: 'process', property: 'exit', message: 'Only cli/main.ts ends the process.' },
      ],
    },
  },
  // The kit speaks to the runner through standard output.
  {
    files: ['src/stage/**', 'bench/**', 'src/schema/generate.ts', 'bin/**', '.ci/**', 'test/under-node.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/cli/**'],
    ignores: ['src/cli/view/print.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "MemberExpression[object.object.name='process'][object.property.name=/^std(out|err)$/][property.name='write']",
          message: 'Print through cli/view/print.ts, which makes text safe for a terminal.',
        },
      ],
    },
  },
  {
    files: ['src/cli/main.ts', 'bin/**', 'test/**', 'bench/**', 'src/schema/generate.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
);
