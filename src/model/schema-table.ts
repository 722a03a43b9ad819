export interface TableNode { readonly [k: string]: unknown }
export interface Table { readonly [name: string]: TableNode }
