import ts from "typescript";
import { describe, expect, it } from "vitest";

// The page's hand-written types are held against the OpenAPI document of the server.

interface Schema {
  properties?: Record<string, Schema & { $ref?: string }>;
  required?: string[];
  enum?: string[];
  items?: Schema;
}

const document = ts.sys.readFile(new URL("../../docs/openapi.json", import.meta.url).pathname);
const { schemas } = (JSON.parse(document ?? '{"components":{"schemas":{}}}') as { components: { schemas: Record<string, Schema> } }).components;

const source = new URL("../src/logic/types.ts", import.meta.url).pathname;
const program = ts.createProgram([source], { strict: true, target: ts.ScriptTarget.ES2022, noLib: true });
const checker = program.getTypeChecker();
const interfaces = new Map<string, ts.Type>();
ts.forEachChild(program.getSourceFile(source) as ts.SourceFile, (node) => {
  if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, checker.getTypeAtLocation(node));
});

// What the server answers: the page's interface and the schema it reads.
const answers: Record<string, string> = {
  Drive: "Route", DriveLeg: "RouteLeg", Site: "Site", Me: "Me", Place: "Place", FoundPlace: "Found", Window: "Window", Contact: "Contact", Stop: "Stop", Piece: "Piece", Room: "Room",
  Size: "Size", Router: "Router", Metred: "Drive", Load: "Load", Vehicle: "Vehicle", Limits: "Limits", Call: "Call", Trip: "Trip",
  Offer: "Offer", Quote: "Quote", QuoteCount: "QuoteCount", Quotes: "Quotes", Booking: "Booking", BookedTrip: "BookedTrip", Step: "Step", Nearest: "Near", Explanation: "Explanation", TripExplanation: "TripExplanation", WayHome: "WayHome", Remedy: "Remedy", Spot: "Spot", Fault: "Fault", Problem: "Problem",
  Person: "Person", TicketEntry: "TicketEntry", Ticket: "Ticket", Officer: "Officer", Roster: "Roster", BriefLine: "BriefLine", Brief: "Brief", Rate: "Rate", CostModel: "CostModel", Bundle: "Bundle", BundleLine: "BundleLine", Split: "Split", StatementLine: "StatementLine", Statement: "Statement",
  Party: "Party", Bid: "Bid", WordRecord: "Record", WordCost: "WordCost", Standing: "Standing", RefusedAct: "RefusedAct", Story: "Story",
};

// What the page sends.
const requests: Record<string, string> = { LoadTerms: "LoadTerms", TripTerms: "TripTerms", SiteTerms: "SiteTerms" };

function literals(type: ts.Type): string[] {
  const parts = type.isUnion() ? type.types : [type];
  return parts.filter((part) => part.isStringLiteral()).map((part) => (part as ts.StringLiteralType).value);
}

function complaints(name: string, against: string): string[] {
  const type = interfaces.get(name);
  const schema = schemas[against];
  if (!type || !schema) return [`${name} or ${against} is missing`];
  const found: string[] = [];
  for (const property of type.getProperties()) {
    const told = schema.properties?.[property.name];
    if (!told) {
      found.push(`${name}.${property.name} is not in ${against}`);
      continue;
    }
    const known = literals(checker.getTypeOfSymbol(property));
    const unknown = (told.enum ?? []).filter((value) => !known.includes(value));
    if (known.length > 0 && unknown.length > 0) found.push(`${name}.${property.name} may also be ${unknown.join(", ")}`);
  }
  return found;
}

const optional = (property: ts.Symbol) => (property.flags & ts.SymbolFlags.Optional) !== 0;

describe.skipIf(Object.keys(schemas).length === 0)("the types of the page", () => {
  it.each(Object.entries(answers))("%s reads only what the server tells in %s", (name, against) => {
    expect(complaints(name, against)).toEqual([]);
    const sure = new Set(schemas[against]?.required ?? []);
    const hoped = interfaces.get(name)?.getProperties().filter((p) => !optional(p) && !sure.has(p.name)).map((p) => p.name);
    expect(hoped, `${name} relies on what ${against} may leave out`).toEqual([]);
  });

  it.each(Object.entries(requests))("%s sends only what the server takes in %s", (name, against) => {
    expect(complaints(name, against)).toEqual([]);
    const sent = interfaces.get(name)?.getProperties().filter((p) => !optional(p)).map((p) => p.name) ?? [];
    const missing = (schemas[against]?.required ?? []).filter((field) => !sent.includes(field));
    expect(missing, `${name} may leave out what ${against} requires`).toEqual([]);
  });
});
