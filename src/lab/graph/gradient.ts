import { ancestors, isNode, type Tensor } from './graph.ts';
import { add } from './operators/elementwise.ts';

/**
 * Reverse-mode derivatives: extends the graph of the scalar `loss` by d loss / d target for each
 * target. Throws if a target has no influence on the loss, which is an error in a model.
 */
export function gradients(loss: Tensor, targets: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0) throw new Error(`A loss must be a scalar; found the shape [${loss.shape.join(', ')}].`);
  const reaching = tensorsReaching(loss, targets);
  const gradientOf = new Map<Tensor, Tensor>([[loss, loss.graph.scalar(1)]]);
  for (const tensor of [...reaching].reverse()) {
    const gradient = gradientOf.get(tensor);
    if (!gradient || !isNode(tensor.origin) || !tensor.origin.operator.gradient) continue;
    const node = tensor.origin;
    const inputGradients = tensor.origin.operator.gradient(node, gradient);
    node.inputs.forEach((input, i) => {
      const part = inputGradients[i];
      if (!part || !reaching.has(input)) return;
      const known = gradientOf.get(input);
      gradientOf.set(input, known ? add(known, part) : part);
    });
  }
  return targets.map((target) => {
    const gradient = gradientOf.get(target);
    if (!gradient) throw new Error(`The loss does not depend on ${describe(target)}.`);
    return gradient;
  });
}

/** Tensors on a path from a target to the loss, in order of construction. */
function tensorsReaching(loss: Tensor, targets: readonly Tensor[]): Set<Tensor> {
  const reaching = new Set<Tensor>(targets);
  const ordered: Tensor[] = [];
  for (const tensor of ancestors([loss])) {
    if (isNode(tensor.origin) && tensor.origin.inputs.some((input) => reaching.has(input))) reaching.add(tensor);
    if (reaching.has(tensor)) ordered.push(tensor);
  }
  return new Set(ordered);
}

function describe(tensor: Tensor): string {
  return !isNode(tensor.origin) && tensor.origin.kind === 'input' ? `"${tensor.origin.name}"` : `tensor ${tensor.id}`;
}
