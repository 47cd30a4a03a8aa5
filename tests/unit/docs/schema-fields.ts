// The fields of a JSON Schema as dotted paths.

/** What a JSON Schema has that is made of fields. Groups are told by `properties`, lists by `items`. */
export type SchemaNode = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
};

/** A field. */
export type SchemaField = {
  readonly path: string;
  readonly isNullable: boolean;
  /** The fields within, by their names; null of a leaf. Those of a list are its items'. */
  readonly members: readonly string[] | null;
};

/**
 * Everything below an object: leaves, and the objects that they are in. A list's path stands for its items.
 * Throws on a node that says nothing of what it holds, as a converter leaves where it does not know better.
 */
export function fieldsOf(node: SchemaNode, path = ''): SchemaField[] {
  const members = node.properties ?? {};
  return Object.entries(members).flatMap(([name, member]) => {
    const memberPath = path === '' ? name : `${path}.${name}`;
    const { isNullable, value } = withoutNull(member, memberPath);
    const item = value.items ?? value;
    const names = item.properties ? Object.keys(item.properties) : null;
    return [{ path: memberPath, isNullable, members: names }, ...fieldsOf(item, memberPath)];
  });
}

function withoutNull(
  node: SchemaNode,
  path: string,
): { readonly isNullable: boolean; readonly value: SchemaNode } {
  const all = node.anyOf ?? [node];
  const [value, ...others] = all.filter(({ type }) => type !== 'null');
  if (!value || others.length > 0 || !(value.type ?? value.enum)) {
    throw new Error(`The schema does not say what ${path} is.`);
  }
  return { isNullable: all.length > 1, value };
}
