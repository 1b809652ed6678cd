"""Plain graph questions about a process chart."""

from graphlib import CycleError, TopologicalSorter


def find_cycle(edges):
    """One cycle of a directed graph.

    :param edges: iterable of ``(source, target)``
    :return: nodes of the cycle, the first repeated at the end; empty without one

    >>> find_cycle([(1, 2), (2, 3)])
    []
    >>> find_cycle([(1, 2), (2, 3), (3, 2)])
    [2, 3, 2]
    >>> find_cycle([(4, 4)])
    [4, 4]
    """
    sorter = TopologicalSorter()
    for source, target in sorted(edges):
        sorter.add(target, source)
    try:
        sorter.prepare()
    except CycleError as error:
        return error.args[1]
    return []


def find_path(edges, source, target):
    """A shortest way through a directed graph.

    :param edges: iterable of ``(source, target)``
    :return: nodes from ``source`` to ``target``, both included; empty without a way

    >>> find_path([(1, 2), (2, 3), (3, 4), (1, 3)], 1, 4)
    [1, 3, 4]
    >>> find_path([(1, 2), (2, 1)], 1, 3)
    []
    >>> find_path([], 1, 1)
    [1]
    """
    following = {}
    for start, end in edges:
        following.setdefault(start, []).append(end)
    came_from, queue = {source: None}, [source]
    for node in queue:
        for neighbour in following.get(node, ()):
            if neighbour not in came_from:
                came_from[neighbour] = node
                queue.append(neighbour)
    if target not in came_from:
        return []
    path = [target]
    while path[-1] != source:
        path.append(came_from[path[-1]])
    return path[::-1]


def find_reachable(edges, starts):
    """All nodes of a directed graph that can be reached, the starts included.

    :param edges: iterable of ``(source, target)``
    :param starts: iterable of nodes
    :return: set of nodes

    >>> sorted(find_reachable([(1, 2), (2, 3), (4, 3)], [1]))
    [1, 2, 3]
    >>> find_reachable([], [])
    set()
    """
    following = {}
    for start, end in edges:
        following.setdefault(start, []).append(end)
    reached, queue = set(starts), list(starts)
    for node in queue:
        for neighbour in following.get(node, ()):
            if neighbour not in reached:
                reached.add(neighbour)
                queue.append(neighbour)
    return reached
