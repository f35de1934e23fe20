/** A name that a file can have in every system: what a figure is called, with other characters replaced. */
export const fileName = (name: string): string => name.replace(/[^\w.=,[\]-]/g, '_');
