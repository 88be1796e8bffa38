"""Words that are names only in quotes: https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """A set of words from a text with blanks between them."""
    return frozenset(text.split())


RESERVED = words(
    """
    aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 
    between binary blanksasnull both bytedict case cast check collate column constraint create
    credentials cross current_date current_time current_timestamp current_user current_user_id default
    deferrable defrag delta delta32k desc disable distinct do else emptyasnull enable 
    encrypt encryption end except false for foreign freeze from full globaldict256 globaldict64k
    grant group having identity ignore ilike in initially inner intersect interval into is isnull
    join leading left like limit localtime localtimestamp lun luns lzo minus mostly16 mostly32
    mostly8 natural new not notnull null nulls off offset oid old on only open or order outer
    overlaps parallel partition percent permissions pivot placing primary qualify raw readratio recover
    references rejectlog resort respect restore right select session_user similar snapshot some sysdate
    system table tag tdes text255 text32k then timestamp to top trailing true truncatecolumns union
    unique unnest unpivot user using verbose when where with without
    """
)
# Reserved, and names of functions or constants all the same.
CALLABLE = frozenset(["array", "left", "right", "user"])

# PostgreSQL's system columns cannot be names of columns (c_unsupported-postgresql-features).
SYSTEM_COLUMNS = frozenset(["oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"])
