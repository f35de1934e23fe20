// Several classifiers as one, whose logits are the means of theirs: of log densities that err independently, the mean errs less.
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { ClassifierNetwork } from './network.ts';

/** The mean of the logits of classifiers of the same input and classes; its parameters are theirs, one after the other. */
export function averageClassifier(members: readonly ClassifierNetwork[]): ClassifierNetwork {
  const nameOf = (name: string, member: number): string => `member-${member}/${name}`;
  return {
    parameters: members.flatMap(({ parameters }, k) =>
      parameters.map((parameter) => ({ ...parameter, name: nameOf(parameter.name, k) })),
    ),
    logits(weights, x, given) {
      const logits = members.map((member, k) => {
        const own: Tensors = Object.fromEntries(member.parameters.map(({ name }) => [name, weights[nameOf(name, k)]!]));
        return member.logits(own, x, given);
      });
      const sum = logits.reduce((a, b) => tf.add(a, b));
      return tf.div(sum, members.length);
    },
  };
}
