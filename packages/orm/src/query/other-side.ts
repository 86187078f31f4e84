import type { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ReverseRelation } from "../fields/relations.ts";
import type { ModelType } from "../models/options.ts";

/** The path from the rows of a many-to-many relation back to what they are linked with. */
export function wayBack(relation: ManyToManyField | ReverseRelation): string {
  if (relation instanceof ReverseRelation) return relation.forward.name;
  return relation.symmetrical ? relation.name : hiddenName(relation);
}

/** The other side of a relation: as the other model declares it, else a name that no path can have. */
function hiddenName(relation: ManyToManyField): string {
  const declared = optionsOf(relation.target).reverseRelations.find((each) => isOtherSide(each, relation));
  return declared?.name ?? hidden(relation);
}

/** Gives the other model a way back that its paths can take, where it declares none. */
export function hideOtherSide(relation: ManyToManyField): void {
  const other = new ReverseRelation(relation.model as ModelType, relation.name);
  optionsOf(relation.target).hide(other.bind(hidden(relation), relation.target));
}

function isOtherSide(reverse: ReverseRelation, relation: ManyToManyField): boolean {
  return reverse.to === relation.model && reverse.via === relation.name;
}

function hidden(relation: ManyToManyField): string {
  return `${relation.model?.name}_${relation.name}+`;
}
