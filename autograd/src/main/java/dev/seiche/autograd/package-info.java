/** What differentiates: interpreters that record or carry derivatives. */
@NullMarked
package dev.seiche.autograd;

import org.jspecify.annotations.NullMarked;
