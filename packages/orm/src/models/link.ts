import type { CheckMessage } from "@tsjango/kernel/checks";
import { didYouMean } from "@tsjango/kernel/utils";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { isPrepared, optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { Member, ModelType, Options } from "./options.ts";
import { problem, unknownModel } from "./problem.ts";

/** Lets a model know of the foreign keys that refer to it. */
export function linkReferrers(options: Options, found: CheckMessage[]): void {
  for (const field of options.fields) {
    if (!(field instanceof ForeignKey)) continue;
    const subject = `${options.label}.${field.name}`;
    const target: unknown = field.to;
    if (typeof target !== "function" || !isPrepared(target as ModelType)) {
      found.push(unknownModel(subject, target));
      continue;
    }
    if (!optionsOf(target as ModelType).pk.hasColumn) {
      const message = `It refers to ${(target as ModelType).name}, whose primary key has several columns.`;
      found.push(problem("fields.E347", subject, message, "Give that model a key of one column."));
      continue;
    }
    optionsOf(optionsOf(target as ModelType).concreteModel).referrers.push(field);
  }
}

/** Looks whether the other sides of relations are that. */
export function checkReverse(options: Options, found: CheckMessage[]): void {
  for (const relation of options.reverseRelations) {
    const subject = `${options.label}.${relation.name}`;
    if (typeof relation.to !== "function" || !isPrepared(relation.to)) {
      found.push(unknownModel(subject, relation.to));
      continue;
    }
    const target = optionsOf(relation.to);
    const via = target.find(relation.via);
    const candidates = [...target.fields, ...target.manyToMany].filter(isForward).map((each) => each.name);
    if (!isForward(via)) {
      const hint = `Name a foreignKey, oneToOne or manyToMany of ${target.modelName}: ${candidates.join(", ") || "it has none"}.`;
      const message = `${target.label} has no relation "${relation.via}".${didYouMean(relation.via, candidates)}`;
      found.push(problem("fields.E902", subject, message, hint));
    } else if (!(options.model === via.target || options.model.prototype instanceof via.target)) {
      found.push(
        problem("fields.E903", subject, `${via.label} refers to ${via.target.name}, not to ${options.modelName}.`),
      );
    } else if (relation.one && !via.one) {
      const hint = `Use fields.related, or make ${via.name} a oneToOne.`;
      found.push(
        problem("fields.E904", subject, `${via.label} may be had by many rows; relatedOne is for oneToOne.`, hint),
      );
    }
  }
}

function isForward(member: Member | undefined): member is ForeignKey | ManyToManyField {
  return member instanceof ForeignKey || member instanceof ManyToManyField;
}
