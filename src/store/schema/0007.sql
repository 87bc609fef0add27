-- SPDX-License-Identifier: Apache-2.0
-- Schema 7: meters that are gone.

-- UTC hours since 1970, from which it is not read any more and counts for no
-- machine; NULL: it is missed where it does not read.
ALTER TABLE meter ADD COLUMN gone_hour INTEGER;
